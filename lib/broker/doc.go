// Package broker is what sl-write does with a rule: it decides whether the rule
// may be written, and writes it so that the policy is the old one or the new one
// and never anything between.
//
// The broker is the privileged end of a chain whose other stages read hostile
// text and may have been taken over. It believes nothing that a record says
// about its own rule. What decides is the rule's text alone:
//
//   - the strict grammar of the rule language accepts it, and printing the
//     parsed rule gives the same bytes: one rule, with nothing hidden in it;
//   - it holds no control character and no bidirectional control;
//   - the trust of its evidence reaches the level that was asked for (this one
//     the record has to say: it is a claim about the log, not about the rule);
//   - its danger, worked out again from the text, is below the limit, or the
//     decisions name the rule ([ParseDecisions]).
//
// What merging makes of accepted rules and of those that stand in the file
// already is judged once more, so that a dangerous rule cannot come in halves; of
// firewall rules, what all of them together let through.
//
// # Targets
//
// A [Target] is a folder of AppArmor local additions, one file a profile, or
// one firewall file. Every access is relative to an open folder descriptor and
// goes to a base name in it; symbolic links are not followed, and only a regular
// file with one link is ever replaced.
//
// In a file the broker owns what stands between two comment lines,
//
//	# BEGIN sl-write: rules between these lines are managed by sl-write(1)
//	# END sl-write
//
// which it appends where they are missing. Every byte outside them is kept. What
// stands between them is read as strictly as a rule from the stream: where
// somebody has edited it by hand the file is refused, not overwritten. A rule is
// never removed; new ones are merged with those that are there.
//
// # Writing
//
// [Broker.Plan] reads the targets and returns the changes, [Broker.Commit]
// carries them out:
//
//  1. Each new text is written to a temporary file beside its target, gets the
//     target's extended attributes, mode and owner, and is synced. A full disk
//     or a refused owner ends the run here: no target has been touched.
//  2. Each target is read again and must still be what it was at Plan.
//  3. Backups are renamed into place, then the targets, then the state file; the
//     folders are synced after each of the three.
//
// One file is therefore never half written, and the state file never claims
// rules that are not on disk. Several files cannot be replaced in one step by
// any system call: where the machine dies or a rename fails in the middle of
// step 3 some targets are new and the others old, each of them whole. Running
// the same stream again completes it, since a rule that stands there already
// changes nothing. An editor that saves a target in the moment between steps 2
// and 3 loses what it saved.
//
// The temporary file of NAME is .NAME.sl-write, a reserved name; the folder is
// locked (flock) from Plan to the end of Commit, so one that is found then was
// left behind by a run that was killed, and is removed. Whoever may read the
// folder can hold that lock, too: a run then fails with a message, and nothing
// is written.
//
// security.ima and security.evm are the two extended attributes that are not
// kept: they are sums over the old bytes, and the kernel makes them anew.
package broker
