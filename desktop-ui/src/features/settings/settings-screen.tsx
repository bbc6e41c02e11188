// The frame of the settings: a page of its own over the window, with a list of places on the left. In a narrow window
// the list and the place are two pages. Esc closes it, and the focus goes back to where it was.

import { ArrowLeft, LogOut, X, type LucideIcon } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';

import { text } from '#text/text.ts';
import { Button, IconButton } from '#ui/button.tsx';
import { classes } from '#ui/classes.ts';
import { Icon } from '#ui/icon.tsx';

import styles from './settings-screen.module.css';

export interface SettingsPlace<Id extends string> {
  id: Id;
  title: string;
  icon: LucideIcon;
  page: () => ReactNode;
}

export interface SettingsGroup<Id extends string> {
  title: string;
  places: SettingsPlace<Id>[];
}

interface SettingsScreenProps<Id extends string> {
  groups: SettingsGroup<Id>[];
  place: Id;
  onPlace: (place: Id) => void;
  onClose: () => void;
  /** Missing while nobody is signed in. */
  onSignOut?: (() => void) | undefined;
}

export function SettingsScreen<Id extends string>({ groups, place, onPlace, onClose, onSignOut }: SettingsScreenProps<Id>) {
  const [page, setPage] = useState<'list' | 'place'>('place');
  const content = useRef<HTMLDivElement>(null);
  const places = groups.flatMap((group) => group.places);
  const open = places.find((candidate) => candidate.id === place) ?? places[0];

  useEffect(() => {
    content.current?.scrollTo(0, 0);
  }, [place]);

  function choose(id: Id) {
    onPlace(id);
    setPage('place');
  }

  return (
    <ModalOverlay isOpen onOpenChange={(isOpen) => !isOpen && onClose()} className={styles['over'] ?? ''}>
      <Modal className={styles['modal'] ?? ''}>
        <Dialog aria-label={text.settings.title} className={styles['screen'] ?? ''} data-page={page}>
          <Places groups={groups} place={open?.id} onChoose={choose} onSignOut={onSignOut} />
          <main className={styles['main']}>
            <div className={styles['ways']}>
              <IconButton
                icon={ArrowLeft}
                label={text.settings.back}
                className={styles['back']}
                onPress={() => setPage('list')}
              />
              <IconButton
                icon={X}
                label={text.settings.close}
                hint={text.settings.closeHint}
                className={styles['close']}
                onPress={onClose}
              />
            </div>
            <div ref={content} className={styles['content']} data-testid="settings-content">
              {open?.page()}
            </div>
          </main>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

interface PlacesProps<Id extends string> {
  groups: SettingsGroup<Id>[];
  place: Id | undefined;
  onChoose: (place: Id) => void;
  onSignOut: (() => void) | undefined;
}

/** One of the places takes part in the tab order; arrows reach the others. */
function Places<Id extends string>({ groups, place, onChoose, onSignOut }: PlacesProps<Id>) {
  const list = useRef<HTMLElement>(null);

  useEffect(() => {
    // The screen opens with the focus where one chooses further.
    list.current?.querySelector<HTMLElement>('[aria-current="page"]')?.focus();
  }, []);

  function walk(event: KeyboardEvent) {
    const items = [...(list.current?.querySelectorAll<HTMLElement>('[data-place]') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (at >= 0 && target !== undefined) {
      event.preventDefault();
      items[Math.max(0, Math.min(target, items.length - 1))]?.focus();
    }
  }

  return (
    // The places are the controls; this only moves the focus between them.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <nav ref={list} className={styles['list']} aria-label={text.settings.navigation} onKeyDown={walk}>
      <p className={styles['heading']} aria-hidden>
        {text.settings.title}
      </p>
      {groups.map((group) => (
        <section key={group.title} aria-label={group.title} className={styles['group']}>
          <h2>{group.title}</h2>
          <ul>
            {group.places.map((item) => (
              <li key={item.id}>
                <button
                  type="button"
                  data-place={item.id}
                  aria-current={item.id === place ? 'page' : undefined}
                  tabIndex={item.id === place ? 0 : -1}
                  className={classes(styles['entry'], item.id === place && styles['current'])}
                  onClick={() => onChoose(item.id)}
                >
                  <Icon of={item.icon} />
                  {item.title}
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {onSignOut !== undefined && (
        <Button weight="quiet" className={styles['signOut']} onPress={onSignOut}>
          <Icon of={LogOut} />
          {text.settings.signOut}
        </Button>
      )}
    </nav>
  );
}
