// How the window looks and writes on this device. Everything applies at once; there is nothing to save.

import { text } from '#text/text.ts';
import {
  changeAppearance,
  DENSITIES,
  TEXT_SIZES,
  THEMES,
  useAppearance,
  type Density,
  type TextSize,
  type Theme,
} from '#ui/appearance.ts';
import { Avatar } from '#ui/avatar.tsx';
import { Page } from '#ui/page.tsx';
import { Segments } from '#ui/segments.tsx';
import { Switch } from '#ui/switch.tsx';

import styles from './appearance-page.module.css';

export function AppearancePage() {
  const { theme, density, textSize, enterSends } = useAppearance();
  return (
    <Page title={text.settings.appearance.title} lead={text.settings.appearance.lead}>
      <Segments<Theme>
        label={text.settings.appearance.theme}
        value={theme}
        onChange={(chosen) => changeAppearance({ theme: chosen })}
        options={THEMES.map((value) => ({
          value,
          label: text.settings.appearance[value],
          drawing: <ThemeDrawing theme={value} />,
        }))}
      />
      <Segments<Density>
        label={text.settings.appearance.density}
        hint={density === 'compact' ? text.settings.appearance.compactHint : text.settings.appearance.comfortableHint}
        value={density}
        onChange={(chosen) => changeAppearance({ density: chosen })}
        options={DENSITIES.map((value) => ({ value, label: text.settings.appearance[value] }))}
      />
      <Segments<`${TextSize}`>
        label={text.settings.appearance.textSize}
        hint={text.settings.appearance.textSizeHint}
        value={`${textSize}`}
        onChange={(chosen) => {
          const size = TEXT_SIZES.find((candidate) => `${candidate}` === chosen);
          if (size !== undefined) {
            changeAppearance({ textSize: size });
          }
        }}
        options={TEXT_SIZES.map((size) => ({
          value: `${size}` as const,
          label: text.settings.appearance.percent(size),
        }))}
      />
      <Sample />
      <Switch
        label={text.settings.appearance.enterSends}
        hint={enterSends ? text.settings.appearance.enterSendsOn : text.settings.appearance.enterSendsOff}
        on={enterSends}
        onChange={(on) => changeAppearance({ enterSends: on })}
      />
    </Page>
  );
}

/** What messages look like now. */
function Sample() {
  return (
    <figure className={styles['sample']} aria-label={text.settings.appearance.sample}>
      <Avatar id="sample" letters="MT" />
      <div>
        <p className={styles['author']}>
          {text.settings.appearance.sampleAuthor} <span>09:41</span>
        </p>
        <p className={styles['body']}>{text.settings.appearance.sampleFirst}</p>
        <p className={styles['body']}>{text.settings.appearance.sampleSecond}</p>
      </div>
    </figure>
  );
}

/** A small window in the colours of the theme. */
function ThemeDrawing({ theme }: { theme: Theme }) {
  return (
    <span className={styles['drawing']} aria-hidden>
      {theme !== 'dark' && <MiniWindow scheme="light" />}
      {theme !== 'light' && <MiniWindow scheme="dark" />}
    </span>
  );
}

function MiniWindow({ scheme }: { scheme: 'light' | 'dark' }) {
  return (
    <span className={styles['mini']} data-scheme={scheme}>
      <span className={styles['miniSide']}>
        <i />
        <i />
        <i />
      </span>
      <span className={styles['miniMain']}>
        <i />
        <i />
        <i />
      </span>
    </span>
  );
}
