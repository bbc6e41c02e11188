// Of what this device tells and how. Everything applies at once; there is nothing to save.

import type { NotificationLevel } from '#bridge/device/NotificationLevel.ts';
import type { Preferences } from '#bridge/device/Preferences.ts';
import { errorSentence, pageProblem } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Loaded } from '#ui/loaded.tsx';
import { Notice } from '#ui/notice.tsx';
import { Page } from '#ui/page.tsx';
import { Radios } from '#ui/radios.tsx';
import { Switch } from '#ui/switch.tsx';

import { AutostartPart } from './autostart-part.tsx';
import { JournalPart } from './journal-part.tsx';
import { useChangePreferences, usePreferences } from './notification-queries.ts';
import { useDecided } from './organisation-queries.ts';
import { PausePart } from './pause-part.tsx';
import { QuietHoursChoice } from './quiet-hours-choice.tsx';
import { TestPart } from './test-part.tsx';

const LEVELS: readonly NotificationLevel[] = ['all', 'mentions', 'nothing'];

export function NotificationsPage() {
  const preferences = usePreferences();
  return (
    <Page title={text.notifications.title} lead={text.notifications.lead}>
      <Loaded
        data={preferences.data}
        problem={preferences.isError ? pageProblem(preferences.error) : undefined}
        onTryAgain={() => void preferences.refetch()}
      >
        {(chosen) => <Choices chosen={chosen} />}
      </Loaded>
      <TestPart />
      <JournalPart />
    </Page>
  );
}

function Choices({ chosen }: { chosen: Preferences }) {
  const { mutate: change, variables, error } = useChangePreferences();
  const decided = useDecided();
  const say = text.notifications;
  /** What kept this from being kept, below the choice itself. */
  const problem = (name: keyof Preferences) =>
    error !== null &&
    name in variables && (
      <Notice kind="danger">
        {say.notKept} {errorSentence(error)}
      </Notice>
    );
  return (
    <>
      <Radios<NotificationLevel>
        label={say.level}
        value={chosen.level}
        onChange={(level) => change({ level })}
        options={LEVELS.map((value) => ({ value, label: say.levels[value], hint: say.levelHints[value] }))}
      />
      {problem('level')}
      <Switch
        label={say.sound}
        hint={chosen.sound ? say.soundOn : say.soundOff}
        on={chosen.sound}
        onChange={(sound) => change({ sound })}
      />
      {problem('sound')}
      <Switch
        label={say.locked}
        hint={chosen.content_when_locked ? say.lockedOn : say.lockedOff}
        on={chosen.content_when_locked}
        onChange={(on) => change({ content_when_locked: on })}
        decided={decided('notification_content_on_locked_screen')}
      />
      {problem('content_when_locked')}
      <QuietHoursChoice hours={chosen.quiet_hours} onChange={(hours) => change({ quiet_hours: hours })} />
      {problem('quiet_hours')}
      <AutostartPart />
      <Radios
        label={say.closing}
        value={chosen.ends_with_window ? 'ends' : 'hides'}
        onChange={(value) => change({ ends_with_window: value === 'ends' })}
        decided={decided('close_to_tray')}
        options={[
          { value: 'hides', label: say.hides, hint: say.hidesHint },
          { value: 'ends', label: say.ends, hint: say.endsHint },
        ]}
      />
      {problem('ends_with_window')}
      <PausePart until={chosen.paused_until} onPause={(until) => change({ paused_until: until })} />
      {problem('paused_until')}
    </>
  );
}
