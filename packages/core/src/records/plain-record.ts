/** A record of a source that needs no tables of its own: one row of `synced_records`, found by its id. */
export interface PlainRecord {
  /** The source's id of it, unique within its stream. */
  externalId: string;
  /** What is stored, as JSON. */
  data: Record<string, unknown>;
  /** As of when the source vouches for this content, ISO 8601. The newest wins. */
  asOf: string;
  contentHash: string;
}
