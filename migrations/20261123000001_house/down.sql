-- Going back from the first migration is dropping everything; restore a backup instead.
SELECT 1;
