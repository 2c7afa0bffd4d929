-- mig: no-transaction

drop index concurrently users_phone_idx;
