// Somebody who is mentioned, by the name they have now; whoever reads of themselves sees it at once.

import { useMe, usePeople } from '#bridge/context.tsx';
import { useNavigation } from '#bridge/navigation.tsx';
import { mentionName, type Mention } from '#text/mentions.ts';
import { useLanguage } from '#text/text.ts';

import styles from './mention-chip.module.css';

export function MentionChip({ mention }: { mention: Mention }) {
  useLanguage();
  const me = useMe();
  const people = usePeople();
  const { openPerson } = useNavigation();
  const name = mentionName(mention, people);
  if (mention.kind !== 'person') {
    return (
      <span className={styles['chip']} data-mine>
        {name}
      </span>
    );
  }
  return (
    <button
      type="button"
      className={styles['chip']}
      data-mine={mention.person === me.id}
      onClick={() => openPerson(mention.person)}
    >
      {name}
    </button>
  );
}
