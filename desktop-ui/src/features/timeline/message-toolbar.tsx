// What one does to a message most often, over its upper edge while the pointer or the focus is there.

import { CornerUpLeft, Ellipsis, Pencil, SmilePlus } from 'lucide-react';
import { useRef } from 'react';
import { Toolbar } from 'react-aria-components';

import type { MessageView } from '#bridge/generated/MessageView.ts';
import { text } from '#text/text.ts';
import { Button, IconButton } from '#ui/button.tsx';
import { noteUse, useMostUsed } from '#ui/emoji/habits.ts';
import { withKeys } from '#ui/keys/spelled.ts';

import { pointBelow, useMessageActions } from './actions.ts';
import styles from './message-toolbar.module.css';

const QUICK = 3;

export function MessageToolbar({ message }: { message: MessageView }) {
  const { rights, react, reply, edit, openMenu, openPicker } = useMessageActions();
  const quick = useMostUsed(QUICK);
  const more = useRef<HTMLButtonElement>(null);
  const smile = useRef<HTMLButtonElement>(null);
  const may = rights(message);
  return (
    <div className={styles['place']}>
      <Toolbar aria-label={text.timeline.actions} className={styles['toolbar'] ?? ''}>
        {may.react && (
          <>
            {quick.map((emoji) => {
              const mine = message.reactions.some((reaction) => reaction.emoji === emoji && reaction.mine);
              return (
                <Button
                  key={emoji}
                  weight="quiet"
                  size="compact"
                  className={styles['quick']}
                  aria-label={mine ? text.timeline.takeBack(emoji) : text.timeline.reactWith(emoji)}
                  onPress={() => {
                    noteUse(emoji);
                    react(message, emoji, !mine);
                  }}
                >
                  {emoji}
                </Button>
              );
            })}
            <IconButton
              ref={smile}
              icon={SmilePlus}
              label={text.timeline.addReaction}
              hint={withKeys(text.timeline.addReaction, 'react')}
              compact
              onPress={() => smile.current && openPicker(message, pointBelow(smile.current))}
            />
          </>
        )}
        {may.reply && (
          <IconButton
            icon={CornerUpLeft}
            label={text.timeline.reply}
            hint={withKeys(text.timeline.reply, 'reply')}
            compact
            onPress={() => reply(message)}
          />
        )}
        {may.edit && (
          <IconButton
            icon={Pencil}
            label={text.timeline.edit}
            hint={withKeys(text.timeline.edit, 'edit')}
            compact
            onPress={() => edit(message)}
          />
        )}
        <IconButton
          ref={more}
          icon={Ellipsis}
          label={text.timeline.more}
          compact
          aria-haspopup="menu"
          onPress={() => more.current && openMenu(message, pointBelow(more.current))}
        />
      </Toolbar>
    </div>
  );
}
