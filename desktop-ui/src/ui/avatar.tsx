// A person without a picture: their letters on a tint that is theirs for ever.

import { firstLetter } from '#text/names.ts';

import styles from './avatar.module.css';
import { classes } from './classes.ts';

const TINTS = 8;

interface AvatarProps {
  /** What the tint is derived from, so that a new name keeps the colour. */
  id: string;
  letters: string;
  size?: 'small' | 'middle' | 'large';
}

export function Avatar({ id, letters, size = 'large' }: AvatarProps) {
  const tint = tintOf(id);
  return (
    <span
      aria-hidden
      className={classes(styles['avatar'], size !== 'large' && styles[size])}
      style={{ background: `var(--avatar-${tint})`, color: `var(--on-avatar-${tint})` }}
    >
      {size === 'small' ? firstLetter(letters) : letters}
    </span>
  );
}

function tintOf(id: string): number {
  // FNV-1a: ids that differ in one letter get different tints.
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  }
  return ((hash >>> 16) ^ (hash & 0xffff)) % TINTS;
}
