-- mig: no-transaction

-- CONCURRENTLY, so that people can sign up while the index is built. PostgreSQL refuses that inside a transaction,
-- hence the directive above. The index is on the digits alone: 030 901820 and 030901820 are the same telephone.
create index concurrently users_phone_idx
  on users (replace(phone, ' ', ''))
  where phone is not null;
