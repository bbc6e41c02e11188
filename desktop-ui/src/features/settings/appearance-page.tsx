// How the window looks and writes on this device. Everything applies at once; there is nothing to save.

import { languageNames, systemLanguage } from '#text/languages.ts';
import { percentText } from '#text/numbers.ts';
import { text } from '#text/text.ts';
import { timeText } from '#text/time.ts';
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
import { Select } from '#ui/select.tsx';
import { Switch } from '#ui/switch.tsx';

import styles from './appearance-page.module.css';

/** 09:41 wherever it is shown. */
const SAMPLE_TIME = new Date(2026, 2, 10, 9, 41).getTime();

export function AppearancePage() {
  const { theme, density, textSize, language, enterSends } = useAppearance();
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
          label: percentText(size),
        }))}
      />
      <Sample />
      <Select
        label={text.settings.appearance.language}
        value={language}
        onChange={(chosen) => changeAppearance({ language: chosen })}
        options={languageChoices()}
      />
      <Switch
        label={text.settings.appearance.enterSends}
        hint={enterSends ? text.settings.appearance.enterSendsOn : text.settings.appearance.enterSendsOff}
        on={enterSends}
        onChange={(on) => changeAppearance({ enterSends: on })}
      />
    </Page>
  );
}

/** As the system, with the language that is, and then each by its own name: whoever ended up in a wrong one finds theirs. */
function languageChoices(): { value: string; label: string }[] {
  const names = languageNames();
  const system = systemLanguage(navigator.languages);
  const name = names.find(({ code }) => code === system)?.name ?? '';
  return [
    { value: 'system', label: text.settings.appearance.systemLanguage(name) },
    ...names.map(({ code, name: label }) => ({ value: code, label })),
  ];
}

/** What messages look like now. */
function Sample() {
  return (
    <figure className={styles['sample']} aria-label={text.settings.appearance.sample}>
      <Avatar id="sample" letters="MT" />
      <div>
        <p className={styles['author']}>
          {text.settings.appearance.sampleAuthor} <span>{timeText(SAMPLE_TIME, { now: SAMPLE_TIME })}</span>
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
