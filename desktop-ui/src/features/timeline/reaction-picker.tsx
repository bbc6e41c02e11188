// Chooses an emoji for a message, at the place where it was asked for.

import { Dialog, Popover } from 'react-aria-components';

import { text } from '#text/text.ts';
import { EmojiPicker } from '#ui/emoji/emoji-picker.tsx';
import pop from '#ui/emoji/popover.module.css';

import type { Point } from './actions.ts';
import { Anchor, useAnchor } from './anchor.tsx';

interface ReactionPickerProps {
  at: Point;
  onChoose: (emoji: string) => void;
  onClose: () => void;
}

export function ReactionPicker({ at, onChoose, onClose }: ReactionPickerProps) {
  const anchor = useAnchor();
  return (
    <>
      <Anchor at={at} ref={anchor} />
      <Popover
        triggerRef={anchor}
        isOpen
        onOpenChange={(open) => !open && onClose()}
        placement="bottom start"
        offset={4}
        className={pop['popover'] ?? ''}
      >
        <Dialog aria-label={text.emoji.label} className={pop['dialog'] ?? ''}>
          <EmojiPicker onChoose={onChoose} />
        </Dialog>
      </Popover>
    </>
  );
}
