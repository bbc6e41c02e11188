// "(edited)": what the message said before, when it is pressed.

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog, DialogTrigger, Heading, Popover } from 'react-aria-components';

import { useHost, usePeople } from '#bridge/context.tsx';
import type { MessageView } from '#bridge/generated/MessageView.ts';
import { errorSentence } from '#text/failure.ts';
import { withNames } from '#text/mentions.ts';
import { text } from '#text/text.ts';
import { momentText, type Clock } from '#text/time.ts';
import { Button } from '#ui/button.tsx';
import { Hidden } from '#ui/hidden.tsx';

import styles from './edited-mark.module.css';

interface EditedMarkProps {
  message: MessageView;
  reachable: boolean;
  clock: Clock;
}

export function EditedMark({ message, reachable, clock }: EditedMarkProps) {
  const [open, setOpen] = useState(false);
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <Button weight="link" className={styles['mark']} excludeFromTabOrder={!reachable} aria-haspopup="dialog" data-mark>
        {text.timeline.edited}
        <Hidden>{text.timeline.editedHint}</Hidden>
      </Button>
      <Popover className={styles['popover'] ?? ''} placement="bottom start" offset={4}>
        <Dialog className={styles['dialog'] ?? ''}>
          <Heading slot="title" className={styles['title'] ?? ''}>
            {text.timeline.history}
          </Heading>
          <History message={message} clock={clock} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function History({ message, clock }: { message: MessageView; clock: Clock }) {
  const host = useHost();
  const people = usePeople();
  const { conversation, seq, edited_at: editedAt } = message;
  const versions = useQuery({
    queryKey: ['versions', conversation, seq, editedAt],
    queryFn: () => host.messageVersions(conversation, seq),
    gcTime: 0,
  });
  if (versions.isError) {
    return <p role="alert">{errorSentence(versions.error)}</p>;
  }
  return (
    // It scrolls, so it must be reachable to be scrolled by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <ol className={styles['versions']} tabIndex={0} aria-label={text.timeline.history} aria-busy={versions.isPending}>
      {[...(versions.data ?? [])].reverse().map((version, index) => (
        <li key={`${version.seq} ${version.at}`}>
          <span className={styles['when']}>{whenText(version.at, index === 0, clock)}</span>
          <p>{withNames(version.body, people)}</p>
        </li>
      ))}
    </ol>
  );
}

function whenText(at: number, isNow: boolean, clock: Clock): string {
  const when = momentText(at, clock);
  return isNow ? text.timeline.versionNow(when) : when;
}
