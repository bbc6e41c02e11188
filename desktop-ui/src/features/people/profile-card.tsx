// Who somebody is: their face, what they do, what time it is for them, whether they are there, and writing to them.

import { MessageSquare, Pencil } from 'lucide-react';

import { useHost, useMe, usePresence } from '#bridge/context.tsx';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { PersonView } from '#bridge/generated/PersonView.ts';
import { useWatched } from '#bridge/use-watched.ts';
import { errorSentence } from '#text/failure.ts';
import { initials } from '#text/names.ts';
import { text } from '#text/text.ts';
import { Avatar } from '#ui/avatar.tsx';
import { Badge } from '#ui/badge.tsx';
import { Button } from '#ui/button.tsx';
import { Icon } from '#ui/icon.tsx';
import { Notice } from '#ui/notice.tsx';
import { useNow } from '#ui/use-now.ts';

import { localTimeText } from './local-time.ts';
import { presenceText } from './presence-text.ts';
import styles from './profile-card.module.css';
import { useStartConversation } from './queries.ts';

interface ProfileCardProps {
  person: PersonView;
  onWrite: (conversation: ConversationId) => void;
  /** For one's own card. */
  onEditProfile: () => void;
}

export function ProfileCard({ person, onWrite, onEditProfile }: ProfileCardProps) {
  const me = useMe();
  const start = useStartConversation(onWrite);
  const mine = person.id === me.id;
  return (
    <section className={styles['card']} aria-label={person.name}>
      <Avatar id={person.id} letters={initials(person.name)} size="huge" presence />
      <div className={styles['who']}>
        <h3>
          <bdi>{person.name}</bdi>
          {person.role === 'administrator' && <Badge>{text.roles.administrator}</Badge>}
        </h3>
        {person.title !== '' && (
          <p>
            <bdi>{person.title}</bdi>
          </p>
        )}
        {person.active ? <There person={person} /> : <p className={styles['gone']}>{text.card.deactivated}</p>}
      </div>
      <div className={styles['actions']}>
        {person.active && (
          <Button weight={mine ? 'plain' : 'primary'} busy={start.isPending} onPress={() => start.mutate([person.id])}>
            <Icon of={MessageSquare} />
            {mine ? text.card.messageYourself : text.card.message}
          </Button>
        )}
        {mine && (
          <Button onPress={onEditProfile}>
            <Icon of={Pencil} />
            {text.card.editProfile}
          </Button>
        )}
      </div>
      {start.isError && <Notice kind="danger">{errorSentence(start.error)}</Notice>}
      <Facts person={person} />
    </section>
  );
}

function There({ person }: { person: PersonView }) {
  const now = useNow(30_000);
  const view = usePresence().get(person.id);
  useWatched({ people: [person.id] });
  return view === undefined ? null : <p data-testid="presence">{presenceText(view, { now })}</p>;
}

function Facts({ person }: { person: PersonView }) {
  const host = useHost();
  const now = useNow(30_000);
  const time = person.time_zone === '' ? '' : localTimeText(person.time_zone, { now });
  return (
    <dl className={styles['facts']}>
      <dt>{text.card.email}</dt>
      <dd>
        <Button weight="link" size="compact" onPress={() => void host.openLink(`mailto:${person.email}`).catch(() => undefined)}>
          {person.email}
        </Button>
      </dd>
      {time !== '' && (
        <>
          <dt>{text.card.localTime}</dt>
          <dd>
            {time}
            <span className={styles['zone']}>{person.time_zone.replaceAll('_', ' ')}</span>
          </dd>
        </>
      )}
    </dl>
  );
}
