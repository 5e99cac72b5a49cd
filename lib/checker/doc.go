// Package checker asks the system's own programs what they say of a file that is
// to be written: apparmor_parser(8) of AppArmor rules, nft(8) or
// iptables-restore(8) of firewall rules. It is a second opinion. The first one, and
// the one that decides what a rule may be, is the strict grammar of the rule
// language: apparmor_parser takes two rules where one was meant, and a whole
// profile, too.
//
// The programs are given the text on their standard input and write nothing.
// AppArmor rules must make no profile of their own, and compile in each profile that
// includes the file, in the place of that include; alone, where none does. Firewall rules are loaded for real, into the network namespace of
// this process, which therefore must be an empty one of its own: nft's dry run
// misses what only the kernel refuses.
package checker
