// The person's picture: choosing another one, looking at it before it is used, and taking it away.

import { useState } from 'react';
import { FileTrigger } from 'react-aria-components';

import { useMe } from '#bridge/context.tsx';
import { errorSentence } from '#text/failure.ts';
import { initials } from '#text/names.ts';
import { sizeText } from '#text/numbers.ts';
import { text } from '#text/text.ts';
import { Avatar } from '#ui/avatar.tsx';
import { Button } from '#ui/button.tsx';
import { Notice } from '#ui/notice.tsx';

import { PICTURE_TYPES, readPicture, type PictureFile } from './picture-file.ts';
import styles from './picture-part.module.css';
import { useRemovePicture, useSetPicture } from './queries.ts';

export function PicturePart() {
  const me = useMe();
  const [chosen, setChosen] = useState<PictureFile | null>(null);
  const [done, setDone] = useState('');
  const set = useSetPicture(() => {
    setChosen(null);
    setDone(text.settings.profile.pictureSaved);
  });
  const remove = useRemovePicture(() => setDone(text.settings.profile.pictureRemoved));
  const preview = chosen?.ok === true ? chosen : null;
  const refused = set.error ?? remove.error;
  const problem = problemOf(chosen) ?? (refused === null ? null : errorSentence(refused));

  async function choose(files: FileList | null) {
    const file = files?.[0];
    if (file === undefined) {
      return;
    }
    set.reset();
    remove.reset();
    setDone('');
    setChosen(await readPicture(file));
  }

  return (
    <section className={styles['part']} aria-label={text.settings.profile.picture}>
      <Avatar
        id={me.id}
        letters={initials(me.name)}
        size="huge"
        {...(preview === null ? {} : { picture: preview.url })}
      />
      <div className={styles['words']}>
        <p role="status" className={styles['hint']}>
          {preview !== null ? text.settings.profile.preview : done !== '' ? done : text.settings.profile.pictureHint}
        </p>
        <div className={styles['buttons']}>
          {preview !== null && (
            <Button weight="primary" busy={set.isPending} onPress={() => set.mutate(preview.data)}>
              {text.settings.profile.use}
            </Button>
          )}
          <FileTrigger acceptedFileTypes={PICTURE_TYPES} onSelect={(files) => void choose(files)}>
            <Button>{preview !== null || me.picture !== null ? text.settings.profile.chooseOther : text.settings.profile.choose}</Button>
          </FileTrigger>
          {preview !== null && (
            <Button weight="quiet" onPress={() => setChosen(null)}>
              {text.dialog.cancel}
            </Button>
          )}
          {preview === null && me.picture !== null && (
            <Button weight="quiet" busy={remove.isPending} onPress={() => remove.mutate()}>
              {text.settings.profile.removePicture}
            </Button>
          )}
        </div>
        {problem !== null && <Notice kind="danger">{problem}</Notice>}
      </div>
    </section>
  );
}

function problemOf(chosen: PictureFile | null): string | null {
  if (chosen === null || chosen.ok) {
    return null;
  }
  return chosen.problem === 'not_a_picture'
    ? text.settings.profile.notAPicture
    : text.settings.profile.pictureTooLarge(sizeText(chosen.bytes));
}
