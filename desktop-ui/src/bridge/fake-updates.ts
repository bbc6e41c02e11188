// The part of the scripted host about new versions of the app.

import type { UpdatesChannel } from './device/UpdatesChannel';
import type { UpdateState } from './device/UpdateState';
import type { UpdatesView } from './device/UpdatesView';
import { FakeDevice } from './fake-device.ts';

export class FakeUpdates extends FakeDevice {
  updatesNow: UpdatesView = { channel: 'stable', channel_is_set: false, last_look: null, state: { state: 'up_to_date' } };

  /** As if the app had got so far by itself. */
  changeUpdates(state: UpdateState, more: Partial<UpdatesView> = {}): void {
    this.updatesNow = { ...this.updatesNow, ...more, state };
    this.tell({ change: 'updates', updates: this.updatesNow });
  }

  updates = () => this.do('updates', () => this.updatesNow);
  lookForUpdates = () => this.do('lookForUpdates', () => this.changeUpdates({ state: 'looking' }));
  setUpdateChannel = (channel: UpdatesChannel) =>
    this.do(`setUpdateChannel ${channel}`, () => this.changeUpdates({ state: 'looking' }, { channel }));

  installUpdate = () =>
    this.do('installUpdate', () => {
      const { state } = this.updatesNow;
      if (state.state === 'ready') {
        this.changeUpdates({ state: 'installing', update: state.update });
      }
    });
}
