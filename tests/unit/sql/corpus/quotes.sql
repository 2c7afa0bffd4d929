--# a semicolon in a string | 2
select 'a;b'; select 2;
--# a doubled apostrophe | 2
select 'it''s; fine', ''''; select ';''';
--# a backslash is plain in a string | 2
select 'C:\'; select 'a\\'';''';
--# a backslash escapes in an E string | 2
select E'it\'s; fine', e'\\'; select 2;
--# an escaped backslash before the closing apostrophe | 2
select E'a\\', E'\\\\'; select E'\\\';\'';
--# a doubled apostrophe in an E string | 2
select E'a''\';''b'; select 2;
--# an E string goes on in the next line | 2
select E'a'
  'b\'; c'; select 2;
--# an E string goes on behind a line comment | 2
select E'a' -- and ; more
  -- it's here
  'b\'; c'; select 2;
--# a plain string that goes on has no escapes | 2
select 'a\'
  'b\'; select 2;
--# an E string that does not go on | 2
select E'a'; select '\';
--# an E behind a word is no prefix | 2
select name'a\'; select 2;
--# an E string behind an operator | 2
select 'a'||E'\';'; select 2;
--# Unicode strings | 2
select U&'d\0061t\+000061;', u&'\;x' uescape '!'; select 2;
--# Unicode identifiers | 2
select 1 as U&"d\0061;t", 2 as u&"a""b;" uescape '!'; select 2;
--# bit, hexadecimal and national strings | 2
select B'01', x'1F', N'a;''b\'; select 2;
--# quoted identifiers | 2
select 1 as "a;b", 2 as "it's", 3 as "a""b;"";"; select 2;
--# apostrophes in quoted identifiers and the reverse | 2
select '"', 1 as "'"; select '";', 2 as "';";
--# a name of one letter before a string prefix | 2
select e, b, x, n, u from t; select e&u from t;
--# u & something that is no string | 2
select u&1 from t; select u & '1;' from t;
--# an empty string | 2
select ''; select E'', U&'', B'', N'' from t where false;
--# a string over several lines | 2
select 'a;
-- no comment
/* neither
b'; select 2;
--# emoji in strings, names and comments | 2
select '😀;', "😀" as 😀 /* 😀; */ from t; -- 😀;
select 2;
--# identifiers of other scripts | 2
select größe, имя, 名前, é$é from t; select 2;
--# a no-break space is a letter to PostgreSQL | 2
select 1 as a b; select 2;
--# a word that ends in e before a string | 2
select case when true then 'a' else'\' end; select 2;
