// The emoji beside a message: who put them there, and a press adds or takes back one's own.

import { SmilePlus } from 'lucide-react';
import { useRef } from 'react';
import { ToggleButton } from 'react-aria-components';

import type { MessageView } from '#bridge/generated/MessageView.ts';
import type { ReactionView } from '#bridge/generated/ReactionView.ts';
import type { UserId } from '#bridge/generated/UserId.ts';
import type { People } from '#bridge/live-cache.ts';
import { listed, personName } from '#text/names.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Icon } from '#ui/icon.tsx';
import { Tooltip } from '#ui/tooltip.tsx';

import { pointBelow, useMessageActions } from './actions.ts';
import styles from './reactions.module.css';

/** More names than this are a number. */
const MOST_NAMES = 12;

interface ReactionsProps {
  message: MessageView;
  people: People;
  me: UserId;
  reachable: boolean;
}

export function Reactions({ message, people, me, reachable }: ReactionsProps) {
  const { rights, react, openPicker } = useMessageActions();
  const add = useRef<HTMLButtonElement>(null);
  const mayReact = rights(message).react;
  return (
    <div className={styles['row']} role="group" aria-label={text.timeline.reactions}>
      {message.reactions.map((reaction) => (
        <Tooltip key={reaction.emoji} words={whoText(reaction, people, me)}>
          <ToggleButton
            className={styles['reaction'] ?? ''}
            isSelected={reaction.mine}
            isDisabled={!mayReact}
            excludeFromTabOrder={!reachable}
            aria-label={text.timeline.reaction(reaction.emoji, reaction.people.length)}
            onChange={(on) => react(message, reaction.emoji, on)}
          >
            <span className={styles['emoji']}>{reaction.emoji}</span>
            <span className={styles['count']}>{reaction.people.length}</span>
          </ToggleButton>
        </Tooltip>
      ))}
      {mayReact && (
        <Button
          ref={add}
          weight="quiet"
          className={styles['add']}
          excludeFromTabOrder={!reachable}
          aria-label={text.timeline.addReaction}
          onPress={() => add.current && openPicker(message, pointBelow(add.current))}
        >
          <Icon of={SmilePlus} />
        </Button>
      )}
    </div>
  );
}

function whoText(reaction: ReactionView, people: People, me: UserId): string {
  // Oneself comes first: that is the question most often.
  const others = reaction.people.filter((person) => person !== me).map((person) => personName(people, person));
  const names = reaction.mine ? [text.timeline.you, ...others] : others;
  return text.timeline.reactedWith(listed(names, MOST_NAMES), reaction.emoji);
}
