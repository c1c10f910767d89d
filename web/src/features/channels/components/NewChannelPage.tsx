export function NewChannelPage() {
  return null;
}
