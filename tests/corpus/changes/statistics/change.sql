--- a
create table t (a int, b int, c text);
create statistics st (ndistinct) on a, b from t;
--- b
create table t (a int, b bigint, c text);
create statistics st (mcv) on a, b, c from t;
