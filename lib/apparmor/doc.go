// Package apparmor is the AppArmor rule language, as far as it is written to a
// policy: typed rules and their one canonical text.
//
// [Parse] takes the text of one rule and nothing else, [Rule.Text] gives it
// back byte for byte. What is not canonical (another order, another blank, a
// second rule, a comment, an include, a needless escape) is refused, so that a
// text which Parse accepts means what the typed rule says and no more.
// apparmor_parser is no such guard: it reads many rules where one was meant.
//
// The texts (apparmor.d(5) explains what they allow):
//
//	rule     = [ "audit " ] [ "allow " | "deny " ] body ","
//	body     = [ "owner " ] path " " letters [ " -> " profile ]
//	         | [ "owner " ] "link " path " -> " path
//	         | "capability " word
//	         | "network " family " " type
//	         | "network " list " " family " " type [ ip ] [ port ] [ " peer=(" ... ")" ]
//	         | "unix " list " type=" type [ " addr=" name ] [ " peer=(" [ label= ] [ addr= ] ")" ]
//	         | "signal (" word ") set=" list " peer=" name
//	         | "ptrace " list " peer=" name
//	         | "mount " [ "fstype=" word " " ] "options=" list [ " " name ] " -> " path
//	         | "umount " path
//	         | "pivot_root oldroot=" path " " path
//	         | "change_profile -> " name
//	         | "dbus " list " bus=" word " path=" ... " interface=" ... " member=" ... " peer=(" [ name= ] label= ")"
//	         | "dbus (bind) bus=" word " name=" name
//	         | "dbus (eavesdrop) bus=" word
//	         | "mqueue " list " type=" ( "posix" | "sysv" ) " " name
//	         | "io_uring (sqpoll)" | "io_uring (override_creds) label=" name
//	         | "userns create"
//	         | "set rlimit " word " <= " number
//	list     = "(" word { ", " word } ")"        sorted
//	name     = '"' pattern '"'
//	path     = a name that begins with "/" or a variable, without "//"
//	letters  = the letters of "rwaklm" in that order, then one of ix, Px, Cx, ...
//
// A pattern is literal text, the globs "*", "**" and "?" and, in a path, variables
// "@{NAME}", each of which is a whole component or the whole beginning; see
// [Pattern]. A rule class that is left bare ("network,", "ptrace,") has no text
// here: it grants more than any event can call for.
//
// mqueue, io_uring, userns and the network rule with a list are of AppArmor 4;
// apparmor_parser 3 refuses them. [Rule.Parser] tells.
//
// The package knows no files and no logs. Every table in it says where it is
// from.
package apparmor
