// The sign of Loquat: the fruit with its leaf.

export function Mark({ size = 40 }: { size?: number }) {
  return (
    <svg aria-hidden width={size} height={size} viewBox="0 0 40 40" fill="none">
      <path d="M20.6 12.6C19.9 8.3 22.9 4.1 28.6 3c.9 5.4-2.2 9.4-8 9.6Z" fill="var(--success)" />
      <path
        d="M20 11.5c8.6-1.5 14.2 4 14.2 12 0 7.8-5.7 13.5-14.2 13.5S5.8 31.3 5.8 23.5c0-8 5.6-13.5 14.2-12Z"
        fill="var(--accent-fill)"
      />
      <path
        d="M12.2 22.8c.3-3.4 2.3-5.7 5.3-6.2"
        stroke="var(--raised)"
        strokeOpacity="0.75"
        strokeWidth="2.2"
        strokeLinecap="round"
      />
    </svg>
  );
}
