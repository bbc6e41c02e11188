// Ways to messages of all conversations at once: search, and what mentions the person.

import { AtSign, TextSearch, type LucideIcon } from 'lucide-react';

import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import { mentionsIn } from '#bridge/mentions.ts';
import { text } from '#text/text.ts';
import { classes } from '#ui/classes.ts';
import { Hidden } from '#ui/hidden.tsx';
import { Icon } from '#ui/icon.tsx';
import { withKeys } from '#ui/keys/spelled.ts';

import row from './conversation-row-button.module.css';
import type { SidebarActions } from './sidebar-menus.tsx';
import styles from './sidebar.module.css';

interface ViewsProps {
  view: 'conversation' | 'search' | 'mentions';
  rows: readonly ConversationRow[] | undefined;
  actions: SidebarActions;
}

export function Views({ view, rows, actions }: ViewsProps) {
  const mentions = rows?.reduce((sum, row) => sum + mentionsIn(row), 0) ?? 0;
  return (
    <ul className={styles['views']}>
      <li>
        <View
          icon={TextSearch}
          title={withKeys(text.search.open, 'search')}
          selected={view === 'search'}
          onPress={actions.search}
        >
          {text.search.open}
        </View>
      </li>
      <li>
        <View icon={AtSign} selected={view === 'mentions'} unread={mentions} onPress={actions.mentions}>
          {text.mentions.title}
        </View>
      </li>
    </ul>
  );
}

interface ViewProps {
  icon: LucideIcon;
  title?: string;
  selected: boolean;
  unread?: number;
  onPress: () => void;
  children: string;
}

function View({ icon, title, selected, unread = 0, onPress, children }: ViewProps) {
  return (
    <button
      type="button"
      title={title}
      aria-current={selected ? 'page' : undefined}
      className={classes(row['row'], selected && row['selected'], unread > 0 && row['unread'])}
      onClick={onPress}
    >
      <span className={row['sign']}>
        <Icon of={icon} />
      </span>
      <span className={row['name']}>{children}</span>
      {unread > 0 && (
        <>
          <span className={row['count']} aria-hidden>
            {unread > 99 ? '99+' : unread}
          </span>
          <Hidden>, {text.mentions.unread(unread)}</Hidden>
        </>
      )}
    </button>
  );
}
