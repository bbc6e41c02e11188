// Icons of one set, in two sizes and one stroke. Always beside a name, so hidden from screen readers.

import type { LucideIcon } from 'lucide-react';

interface IconProps {
  of: LucideIcon;
  large?: boolean;
  className?: string | undefined;
}

export function Icon({ of: Drawing, large = false, className }: IconProps) {
  return (
    <Drawing
      aria-hidden
      className={className}
      strokeWidth={1.75}
      style={{ inlineSize: large ? 'var(--icon-large)' : 'var(--icon)', blockSize: 'auto', flex: 'none' }}
    />
  );
}
