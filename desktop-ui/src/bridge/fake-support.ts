// The part of the scripted host about finding out what went wrong.

import type { LogLevel } from './device/LogLevel';
import type { SupportView } from './device/SupportView';
import { FakeNetwork } from './fake-network.ts';

export class FakeSupport extends FakeNetwork {
  /** What a test changes here is as if it had been so at the start. */
  helping: SupportView = { log_level: 'info', log_decided: false, allowed: true, crash: null };

  support = () => this.do('support', () => this.helping);

  setLogLevel = (level: LogLevel) =>
    this.do(`setLogLevel ${level}`, () => {
      this.helping = { ...this.helping, log_level: level };
      return this.helping;
    });

  forgetCrash = () =>
    this.do('forgetCrash', () => {
      this.helping = { ...this.helping, crash: null };
    });

  saveDiagnostics = () => this.do('saveDiagnostics', () => '/home/ada/Downloads/loquat-support.zip');
}
