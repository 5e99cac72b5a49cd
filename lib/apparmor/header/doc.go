// Package header finds what stands around the rules of an AppArmor policy: the
// headers of profiles, children and hats, the includes, and the values of the
// tunables. It reads no rule.
//
// It is for programs that judge a change of a policy and must stay small. What it
// cannot follow it names in [File.Problem]; whoever judges then assumes the worst.
//
// The syntax is that of parser_lex.l and parser_yacc.y of apparmor_parser.
package header
