// What stands behind the text one writes: a look at it, emoji, and the button that sends it.

import { Eye, PencilLine, SendHorizontal } from 'lucide-react';
import type { RefObject } from 'react';

import { text } from '#text/text.ts';
import { Button, IconButton } from '#ui/button.tsx';
import { Icon } from '#ui/icon.tsx';
import { withKeys } from '#ui/keys/spelled.ts';

import styles from './composer.module.css';
import { EmojiButton } from './emoji-button.tsx';

interface ComposerToolsProps {
  area: RefObject<HTMLTextAreaElement | null>;
  previewing: boolean;
  /** Whether there is something that can be sent. */
  ready: boolean;
  onPreview: () => void;
  onEmoji: (emoji: string) => void;
  onSend: () => void;
}

export function ComposerTools({ area, previewing, ready, onPreview, onEmoji, onSend }: ComposerToolsProps) {
  return (
    <div className={styles['tools']}>
      <IconButton
        icon={previewing ? PencilLine : Eye}
        label={previewing ? text.composer.backToText : text.composer.preview}
        hint={previewing ? text.composer.backToText : withKeys(text.composer.preview, 'preview')}
        compact
        onPress={onPreview}
      />
      <EmojiButton onChoose={onEmoji} area={area} />
      <Button
        weight={ready ? 'primary' : 'quiet'}
        size="compact"
        className={styles['send']}
        aria-label={text.composer.send}
        isDisabled={!ready}
        onPress={onSend}
      >
        <Icon of={SendHorizontal} />
      </Button>
    </div>
  );
}
