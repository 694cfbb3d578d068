"""Several machines in one: programs that share nothing but a database, a broker and a bucket, all over the network."""
