import { expect, it } from 'vitest';
import { hostileRun, smallRun } from '../test/small-run.ts';
import { inertJson, reportPage } from './page-text.ts';
import { reportView } from './view/report-view.ts';

const template = '<script type="application/json" id="report-data">"brownout-report-data"</script>';

it('the data stands in the page as JSON that means the same', () => {
  const view = reportView(smallRun);
  const page = reportPage(template, view);
  const [, json = ''] = /<script[^>]*>(.*)<\/script>/s.exec(page) ?? [];
  expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(view)));
});

it('no text of a document can end the block of data, begin a comment in it or be read as markup', () => {
  const page = reportPage(template, reportView(hostileRun));
  expect(page.match(/<\/?script/g)).toEqual(['<script', '</script']);
  expect(page).not.toContain('<!--');
  expect(page).not.toContain('<img');
});

it('line ends that JavaScript once refused are written as escapes', () => {
  expect(inertJson('a\u2028b\u2029&')).toBe(String.raw`"a\u2028b\u2029\u0026"`);
});

it.each(['', `${template}${template}`])('a template without exactly one place for data is refused', (broken) => {
  expect(() => reportPage(broken, reportView(smallRun))).toThrow(
    /expected a template with one place for data, got [02]/,
  );
});
