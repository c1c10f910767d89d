import { API, http } from "@/lib/http";
import type { Schema } from "@/lib/schema";

/** Something advertising may speak of only once somebody answers for it. `words`: what they put their name to, sent back as they are. */
export type Topic = Schema<"TopicOut">;
export type TopicAnswer = Schema<"TopicAnswerOut">;

export const TOPICS_KEY = ["policy", "topics"] as const;

export const fetchTopics = async (signal?: AbortSignal) => (await http.get<{ items: Topic[] }>(`${API}/policy/topics`, { signal })).items;

export const fetchTopicAnswers = async (signal?: AbortSignal) => (await http.get<{ items: TopicAnswer[] }>(`${API}/policy/topics/answers`, { query: { limit: 20 }, signal })).items;

export const answerFor = ({ rule, topic, words }: Topic, reason: string) => http.post<TopicAnswer>(`${API}/policy/topics/answers`, { rule, topic, words, reason });

export const takeBackAnswer = (id: string) => http.post<unknown>(`${API}/policy/topics/answers/${id}/undo`);
