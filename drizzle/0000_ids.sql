-- UUIDv7 (RFC 9562, section 5.7): 48 bits of Unix time in milliseconds, then version, variant and random bits.
-- PostgreSQL 18 has uuidv7(); this one also serves 15 to 17.
CREATE FUNCTION tidemark_uuidv7() RETURNS uuid
LANGUAGE sql VOLATILE PARALLEL SAFE
AS $$
  SELECT encode(
    set_bit(
      set_bit(
        overlay(
          uuid_send(gen_random_uuid())
          PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
          FROM 1 FOR 6
        ),
        52, 1
      ),
      53, 1
    ),
    'hex'
  )::uuid
$$;
