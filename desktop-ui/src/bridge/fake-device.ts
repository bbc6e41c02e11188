// The part of the scripted host about this device: what was chosen for it, and how it tells of messages.

import type { AutostartView } from './device/AutostartView';
import type { JournalLine } from './device/JournalLine';
import type { PolicyView } from './device/PolicyView';
import type { Preferences } from './device/Preferences';
import type { TestResult } from './device/TestResult';
import type { Words } from './device/Words';
import { FakeMentions } from './fake-mentions.ts';

export class FakeDevice extends FakeMentions {
  /** What a test changes here is as if the tray had done it. */
  chosen: Preferences = {
    level: 'mentions',
    sound: true,
    content_when_locked: false,
    quiet_hours: null,
    paused_until: null,
    ends_with_window: false,
    knows_of_hiding: true,
  };
  decided: PolicyView = { rows: [], faults: [] };
  startsAtLogIn: AutostartView = { on: false, possible: true, decided: false };
  spoken: Words | null = null;
  testResult: TestResult = { problem: null, paused: false, quiet_hour: false };
  /** The newest first. */
  journal: JournalLine[] = [];

  preferences = () => this.do('preferences', () => this.chosen);

  setPreferences = (preferences: Preferences) =>
    this.do(`setPreferences ${JSON.stringify(preferences)}`, () => {
      this.chosen = preferences;
    });

  organisation = () => this.do('organisation', () => this.decided);
  autostart = () => this.do('autostart', () => this.startsAtLogIn);

  setAutostart = (on: boolean) =>
    this.do(`setAutostart ${on}`, () => {
      this.startsAtLogIn = { ...this.startsAtLogIn, on };
    });

  speak = (words: Words) =>
    this.do('speak', () => {
      this.spoken = words;
    });

  testNotification = () => this.do('testNotification', () => this.testResult);
  notificationJournal = () => this.do('notificationJournal', () => [...this.journal]);
}
