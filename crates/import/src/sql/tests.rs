use std::io::Cursor;

use proptest::prelude::*;

use super::*;
use crate::input::MAX_ROW;

/// Each row as its table, line and values, or its code.
fn rows(text: impl Into<Vec<u8>>) -> Vec<String> {
    let mut dump = Dump::open(Box::new(Cursor::new(text.into()))).unwrap();
    let mut values = Values::default();
    let mut seen = Vec::new();
    while let Some(block) = dump.next_block().unwrap() {
        while let Some(found) = dump.next_row(&mut values).unwrap() {
            let shown = match found.row {
                Ok(()) => (0..values.len())
                    .map(|index| values.get(index).unwrap_or("NULL").to_owned())
                    .collect::<Vec<_>>()
                    .join("|"),
                Err(refusal) => refusal.code.to_string(),
            };
            let columns = block.columns.join(",");
            seen.push(format!(
                "{} {} [{columns}] {shown}",
                found.line, block.table
            ));
        }
        assert!(dump.window.pending().len() < 2 * MAX_ROW);
    }
    seen
}

#[test]
fn mysqldump_is_read_with_its_columns_from_create_table() {
    let text = r"-- MySQL dump 10.13  Distrib 8.0.36
/*!40101 SET NAMES utf8mb4 */;
DROP TABLE IF EXISTS `wp_users`;
CREATE TABLE `wp_users` (
  `ID` bigint(20) unsigned NOT NULL AUTO_INCREMENT COMMENT 'a, b (c)',
  `user_login` varchar(60) NOT NULL DEFAULT '',
  PRIMARY KEY (`ID`),
  KEY `user_login_key` (`user_login`)
) ENGINE=InnoDB;
LOCK TABLES `wp_users` WRITE;
/*!40000 ALTER TABLE `wp_users` DISABLE KEYS */;
INSERT INTO `wp_users` VALUES (1,'it\'s; (\\)'),(2,'it''s'),
(3,NULL),(4,_binary 'x'),(5,0x4D617261),(6,_binary '\xff');
UNLOCK TABLES;
";
    assert_eq!(
        rows(text),
        [
            r"12 wp_users [ID,user_login] 1|it's; (\)",
            "12 wp_users [ID,user_login] 2|it's",
            "13 wp_users [ID,user_login] 3|NULL",
            "13 wp_users [ID,user_login] 4|x",
            "13 wp_users [ID,user_login] 5|Mara",
            "13 wp_users [ID,user_login] 6|xff",
        ]
    );
}

#[test]
fn bytes_that_are_no_text_are_digits_or_cost_one_row() {
    let mut text = b"INSERT INTO `t` (`a`) VALUES (_binary '".to_vec();
    text.extend([0xff, 0x00]);
    text.extend(b"'),(0xFF00),('J");
    text.push(0xf6);
    text.extend(b"rg'),('ok'),(_binary '\x01'),(b'1');");
    assert_eq!(
        rows(text),
        [
            "1 t [a] ff00",
            "1 t [a] ff00",
            "1 t [a] invalid_encoding",
            "1 t [a] ok",
            "1 t [a] 1",
            "1 t [a] 1",
        ]
    );
}

#[test]
fn pg_dump_is_read_in_both_forms() {
    let text = "--
-- PostgreSQL database dump
--
\\restrict abc
SET standard_conforming_strings = on;
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql AS $_$
  insert into auth.users values ('no; row'); select 'it''s'; $$ ; $_$;
COPY auth.users (id, email, raw) FROM stdin;
1\tmara@voss.example\t{\"a\": \"b\\\\nc\\td\"}
2\t\\N\t\\x41\\101\\v
\\.

INSERT INTO public.\"Users\" (id, \"e-mail\") OVERRIDING SYSTEM VALUE VALUES (1, 'C:\\');
INSERT INTO public.\"Users\" (id, \"e-mail\") VALUES (2, E'a\\'b'), (3, '{\"a\":1}'::jsonb) ON CONFLICT DO NOTHING;
INSERT INTO other SELECT 1;
";
    assert_eq!(
        rows(text),
        [
            "9 auth.users [id,email,raw] 1|mara@voss.example|{\"a\": \"b\\nc\td\"}",
            "10 auth.users [id,email,raw] 2|NULL|AA\u{b}",
            "13 public.Users [id,e-mail] 1|C:\\",
            "14 public.Users [id,e-mail] 2|a'b",
            "14 public.Users [id,e-mail] 3|{\"a\":1}",
        ]
    );
}

#[test]
fn scripts_of_sql_server_need_no_semicolons() {
    let text = "USE [shop]\r\nGO\r\nCREATE TABLE [dbo].[AspNetUsers](\r\n\t[Id] [nvarchar](450) NOT NULL,\r\n CONSTRAINT [PK] PRIMARY KEY ([Id])\r\n)\r\nGO\r\nSET IDENTITY_INSERT [dbo].[T] ON \r\nINSERT [dbo].[AspNetUsers] ([Id], [LockoutEnd]) VALUES (N'a''b', CAST(N'2024-01-15T10:30:00' AS DateTime2))\r\nINSERT [dbo].[AspNetUsers] ([Id], [LockoutEnd]) VALUES (N'c', NULL)\r\nGO\r\n";
    assert_eq!(
        rows(text),
        [
            "9 dbo.AspNetUsers [Id,LockoutEnd] a'b|2024-01-15T10:30:00",
            "10 dbo.AspNetUsers [Id,LockoutEnd] c|NULL",
        ]
    );
}

#[test]
fn routines_bring_no_rows() {
    let text = "CREATE TABLE `t` (`a` int);\nDELIMITER ;;\nCREATE TRIGGER x BEFORE INSERT ON `t` FOR EACH ROW BEGIN\n  INSERT INTO `t` VALUES (1);\nEND ;;\nDELIMITER ;\nINSERT INTO `t` VALUES (2);\n";
    assert_eq!(rows(text), ["7 t [a] 2"]);
}

#[test]
fn a_row_beyond_a_mebibyte_is_refused_without_being_kept() {
    let long = "x".repeat(3 * MAX_ROW);
    let inserted = format!("INSERT INTO t (a) VALUES (1),('{long}'),(3);");
    assert_eq!(
        rows(inserted),
        ["1 t [a] 1", "1 t [a] row_too_long", "1 t [a] 3"]
    );
    let copied = format!("COPY t (a) FROM stdin;\n1\n{long}\n3\n\\.\n");
    assert_eq!(
        rows(copied),
        ["2 t [a] 1", "3 t [a] row_too_long", "4 t [a] 3"]
    );
}

#[test]
fn a_dump_that_was_cut_says_so() {
    assert_eq!(
        rows("INSERT INTO t (a) VALUES (1),('x"),
        ["1 t [a] 1", "1 t [a] malformed_row"]
    );
    assert_eq!(
        rows("COPY t (a) FROM stdin;\n1\n2"),
        ["2 t [a] 1", "3 t [a] 2"]
    );
}

#[test]
fn a_statement_of_many_rows_streams() {
    let list = (0..200_000).map(|n| format!("({n},'p{n}@voss.example')"));
    let text = format!(
        "INSERT INTO t (id,email) VALUES {};",
        list.collect::<Vec<_>>().join(",")
    );
    let seen = rows(text);
    assert_eq!(seen.len(), 200_000);
    assert_eq!(seen[199_999], "1 t [id,email] 199999|p199999@voss.example");
}

#[test]
fn tables_that_have_rows_are_told() {
    let text = "CREATE TABLE a (x int); CREATE TABLE b (y int); INSERT INTO b VALUES (1); INSERT INTO b VALUES (2);";
    let tables = Dump::open(Box::new(Cursor::new(text)))
        .unwrap()
        .tables()
        .unwrap();
    assert_eq!(tables.len(), 1);
    assert_eq!(
        (tables[0].table.as_str(), &*tables[0].columns),
        ("b", &["y".to_owned()][..])
    );
}

#[test]
fn a_dump_is_known_by_its_first_word() {
    for text in [
        "-- PostgreSQL database dump\n",
        "\n/*!40101",
        "insert into x",
        "CREATE TABLE",
        "\\restrict x",
    ] {
        assert!(is_dump(text.as_bytes()), "{text}");
    }
    for text in [
        "id,email\n",
        "set,email\n",
        "useful id,email\n",
        "{}",
        "dn: x",
    ] {
        assert!(!is_dump(text.as_bytes()), "{text}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        rows(bytes);
    }

    #[test]
    fn any_sql_is_read_without_panic(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "INSERT INTO", " t ", "(", ")", ",", ";", "VALUES", "'", "\"", "`", "\\", "COPY t (a) FROM stdin;\n",
                "\\.\n", "\n", "CREATE TABLE", "DELIMITER", "$$", "$a$", "/*", "*/", "--", "#", "GO", "NULL", "0x4", "_binary ",
                "E'", "CAST(", "x'", "[", "]", ".", "ü",
            ]),
            0..40,
        )
    ) {
        rows(words.concat());
    }

    #[test]
    fn values_read_as_they_were_written(text in ".*", is_mysql in any::<bool>()) {
        let quoted = if is_mysql {
            text.replace('\\', "\\\\").replace('\'', "\\'").replace('\0', "\\0")
        } else {
            text.replace('\'', "''")
        };
        prop_assume!(is_mysql || !text.contains('`'));
        let name = if is_mysql { "`t`" } else { "t" };
        let seen = rows(format!("INSERT INTO {name} (a, b) VALUES (1, '{quoted}');"));
        prop_assume!(text != "\0" && text != "\u{1}");
        prop_assert_eq!(seen, [format!("1 t [a,b] 1|{text}")]);
    }
}
