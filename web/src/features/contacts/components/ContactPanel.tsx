export function ContactPanel({ id }: { id: string }) {
  return <span hidden>{id}</span>;
}
