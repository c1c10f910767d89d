export function PublicLayout() {
  return null;
}
