/** The screen "debrief". */
export function Debrief(_: { readonly isDark: boolean }) {
  return <p class="placeholder">Nothing here yet.</p>;
}
