// Six boxes for a six-digit code. Typing moves on, Backspace moves back, a paste fills from where it lands.

import { useRef, type ClipboardEvent, type KeyboardEvent } from 'react';

import { text } from '#text/text.ts';
import { classes } from '#ui/classes.ts';

import styles from './code-input.module.css';
import { CODE_LENGTH, digitsOf, placed, typed } from './code.ts';

interface CodeInputProps {
  digits: readonly string[];
  onChange: (digits: string[]) => void;
  invalid: boolean;
  readOnly: boolean;
  describedBy?: string | undefined;
}

export function CodeInput({ digits, onChange, invalid, readOnly, describedBy }: CodeInputProps) {
  const boxes = useRef<(HTMLInputElement | null)[]>([]);

  function focus(index: number) {
    const box = boxes.current[Math.max(0, Math.min(index, CODE_LENGTH - 1))];
    box?.focus();
    box?.select();
  }

  function place(index: number, fresh: string) {
    if (fresh === '' || readOnly) {
      return;
    }
    onChange(placed(digits, index, fresh));
    focus(index + fresh.length);
  }

  function paste(index: number, event: ClipboardEvent) {
    event.preventDefault();
    place(index, digitsOf(event.clipboardData.getData('text')));
  }

  function press(index: number, event: KeyboardEvent) {
    if (readOnly) {
      return;
    }
    if (event.key === 'Backspace') {
      event.preventDefault();
      const target = digits[index] === '' ? index - 1 : index;
      if (target >= 0) {
        onChange(digits.map((digit, at) => (at === target ? '' : digit)));
        focus(target);
      }
    } else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      event.preventDefault();
      focus(index + (event.key === 'ArrowLeft' ? -1 : 1));
    }
  }

  return (
    <fieldset
      className={classes(styles['group'], invalid && styles['invalid'])}
      aria-label={text.signIn.code.group}
      aria-describedby={describedBy}
      // Digits stand in one order in every language.
      dir="ltr"
    >
      {digits.map((digit, index) => (
        <input
          // The boxes have no identity but their place.
          key={index}
          ref={(box) => {
            boxes.current[index] = box;
          }}
          className={styles['digit']}
          aria-label={text.signIn.code.digit(index + 1)}
          aria-invalid={invalid}
          inputMode="numeric"
          autoComplete={index === 0 ? 'one-time-code' : 'off'}
          // The person has just asked for the code; there is nothing else to do on this page.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus={index === 0}
          readOnly={readOnly}
          value={digit}
          onFocus={(event) => event.target.select()}
          onPaste={(event) => paste(index, event)}
          onKeyDown={(event) => press(index, event)}
          onChange={(event) => place(index, typed(digit, event.target.value))}
        />
      ))}
    </fieldset>
  );
}
