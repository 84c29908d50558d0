/** The report page: reads the data that stands in the file, and shows it. */
import { render } from 'preact';
import type { ReportView } from '../src/view/report-view.ts';
import { Report } from './report.tsx';
import './report.css';

const root = document.getElementById('report');
const data = document.getElementById('report-data')?.textContent ?? 'null';
const view = JSON.parse(data) as ReportView | string | null;

if (root !== null) {
  if (typeof view === 'object' && view !== null && view.schema === 'brownout/report-view@1') {
    document.title = view.content.title;
    render(<Report view={view} />, root);
  } else {
    root.textContent = 'This file holds no report: it is the template that brownout report fills.';
  }
}
