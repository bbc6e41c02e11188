// The skin tone in which hands and people are shown.

import { RadioButton, RadioField, RadioGroup } from 'react-aria-components';

import { text } from '#text/text.ts';

import type { Tone } from './emoji-data.ts';
import styles from './emoji-picker.module.css';
import { chooseTone, useTone } from './habits.ts';

const HANDS = ['✋', '✋🏻', '✋🏼', '✋🏽', '✋🏾', '✋🏿'];

export function TonePicker() {
  const tone = useTone();
  return (
    <RadioGroup
      aria-label={text.emoji.tone}
      orientation="horizontal"
      className={styles['tones'] ?? ''}
      value={String(tone)}
      onChange={(chosen) => chooseTone(Number(chosen) as Tone)}
    >
      {HANDS.map((hand, index) => (
        <RadioField key={hand} value={String(index)} aria-label={text.emoji.tones[index] ?? ''}>
          <RadioButton className={styles['tone'] ?? ''}>{hand}</RadioButton>
        </RadioField>
      ))}
    </RadioGroup>
  );
}
