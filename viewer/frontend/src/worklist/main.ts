// The entry of the pages of lists: htmx follows what arrives, keys move over the rows.
import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/jetbrains-mono/index.css';
import 'htmx.org';
import { keepPlace, listenToRows } from './rows';

listenToRows(document);
keepPlace(document);
