// The entry of the reading page: finds its case, builds the room, draws the page.
import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/jetbrains-mono/index.css';
import './css/page.css';
import './css/header.css';
import './css/rail.css';
import './css/views.css';
import './css/read.css';
import './css/findings.css';
import './css/compare.css';
import './css/score.css';
import './css/dialogs.css';
import './css/failure.css';
import { createElement, render } from 'preact';
import { offerHandle } from './debug';
import { listen } from './keyboard';
import { Page } from './page';
import { Room } from './room';

const host = document.getElementById('reading-room');
const caseId = host?.dataset.caseId;
if (host && caseId) {
  const room = new Room(caseId);
  offerHandle(room);
  listen(room);
  render(createElement(Page, { room }), host);
  void room.open();
}
