// Starting with the computer. The system's own settings say the same, so nothing is kept here.

import { errorSentence } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Notice } from '#ui/notice.tsx';
import { Switch } from '#ui/switch.tsx';

import { useAutostart, useSetAutostart } from './organisation-queries.ts';

export function AutostartPart() {
  const { data } = useAutostart();
  const { mutate: set, error } = useSetAutostart();
  const say = text.notifications;
  if (data?.possible !== true) {
    return null;
  }
  return (
    <>
      <Switch
        label={say.start}
        hint={data.on ? say.startOn : say.startOff}
        on={data.on}
        onChange={set}
        decided={data.decided ? text.organisation.set : undefined}
      />
      {error !== null && (
        <Notice kind="danger">
          {say.notKept} {errorSentence(error)}
        </Notice>
      )}
    </>
  );
}
