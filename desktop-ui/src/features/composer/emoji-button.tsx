// Puts an emoji where the caret is.

import { Smile } from 'lucide-react';
import { useState, type RefObject } from 'react';
import { Dialog, DialogTrigger, Popover } from 'react-aria-components';

import { text } from '#text/text.ts';
import { IconButton } from '#ui/button.tsx';
import { EmojiPicker } from '#ui/emoji/emoji-picker.tsx';
import pop from '#ui/emoji/popover.module.css';
import { focusFirmly } from '#ui/focus.ts';

interface EmojiButtonProps {
  onChoose: (emoji: string) => void;
  area: RefObject<HTMLTextAreaElement | null>;
}

export function EmojiButton({ onChoose, area }: EmojiButtonProps) {
  const [open, setOpen] = useState(false);
  function choose(emoji: string) {
    setOpen(false);
    onChoose(emoji);
    if (area.current !== null) {
      focusFirmly(area.current);
    }
  }
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <IconButton icon={Smile} label={text.composer.emoji} compact />
      <Popover className={pop['popover'] ?? ''} placement="top end" offset={8}>
        <Dialog aria-label={text.emoji.label} className={pop['dialog'] ?? ''}>
          <EmojiPicker onChoose={choose} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
