// A person at a glance: their picture, or their letters on a tint that is theirs for ever, and whether they are there.

import { firstLetter } from '#text/names.ts';
import { text } from '#text/text.ts';

import styles from './avatar.module.css';
import { classes } from './classes.ts';
import { usePicture, usePresenceDot } from './faces.tsx';
import { Hidden } from './hidden.tsx';

const TINTS = 8;

interface AvatarProps {
  /** What the tint is derived from, so that a new name keeps the colour. */
  id: string;
  letters: string;
  size?: 'small' | 'middle' | 'large' | 'huge';
  /** Shows whether they are there, with a word for those who cannot see the dot. */
  presence?: boolean;
  /** Another picture than the one they have, such as one they are about to choose; null for their letters. */
  picture?: string | null;
}

export function Avatar({ id, letters, size = 'large', presence = false, picture }: AvatarProps) {
  const theirs = usePicture(id);
  const there = usePresenceDot(id);
  const dot = presence && there !== undefined && there !== 'offline' ? there : undefined;
  const shown = picture === undefined ? theirs : (picture ?? undefined);
  return (
    <span className={classes(styles['avatar'], styles[size])} data-presence={dot}>
      {shown === undefined ? (
        <Letters id={id} letters={size === 'small' ? firstLetter(letters) : letters} />
      ) : (
        <img className={styles['face']} src={shown} alt="" draggable={false} />
      )}
      {dot !== undefined && (
        <>
          <span className={styles['dot']} aria-hidden />
          <Hidden> ({dot === 'online' ? text.presence.online : text.presence.away}) </Hidden>
        </>
      )}
    </span>
  );
}

function Letters({ id, letters }: { id: string; letters: string }) {
  const tint = tintOf(id);
  return (
    <span
      aria-hidden
      className={styles['face']}
      style={{ background: `var(--avatar-${tint})`, color: `var(--on-avatar-${tint})` }}
    >
      {letters}
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
