--- a
create table t (a int, b int, c text);
--- b
create table t (a int, b int, c text);
create statistics st (ndistinct, dependencies) on a, b from t;
create statistics st2 on (a + b), c from t;
alter statistics st set statistics 77;
comment on statistics st is 's';
