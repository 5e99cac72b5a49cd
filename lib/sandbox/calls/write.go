package calls

import "golang.org/x/sys/unix"

// Write is a program that changes files in the folders that it was given, and
// reads its orders from standard input: sl-write. Every path is relative to the
// descriptor of such a folder; that it does not lead out of it is the business
// of the root folder and of Landlock, for a filter cannot read a path.
func Write(arch string) Policy {
	const (
		open     = unix.O_ACCMODE | unix.O_CREAT | unix.O_EXCL | unix.O_CLOEXEC | unix.O_NONBLOCK | unix.O_NOCTTY
		perm     = 0o777 // no set-user-id, set-group-id, sticky
		filesEnd = folders
		allEnd   = 2 * folders
	)
	calls := append(core(),
		ended(),
		Call{"read", "the stream", []Cond{is(0, stdin)}},
		Call{"openat", "the file, and its successor; no link is followed, nothing is truncated or nameless",
			[]Cond{folder(0), {Arg: 2, Op: Masked, Mask: ^uint64(open), Value: nofollow(arch)}, only(3, perm)}},
		Call{"renameat2", "the successor takes the name, within one folder or the other; exchanges nothing",
			[]Cond{folder(0), folder(2), atMost(4, unix.RENAME_NOREPLACE)}},
		Call{"unlinkat", "a successor that is not wanted after all; never a folder", []Cond{folder(0), is(2, 0)}},
	)
	for _, c := range []Call{
		{"read", "the file that is to be changed", nil},
		{"write", "its successor", nil},
		{"fchmod", "which gets the mode of the file", []Cond{only(1, perm)}},
		{"fchown", "and its owner", nil},
		{"flistxattr", "and its extended attributes: their names", nil},
		{"fgetxattr", "their values", nil},
		{"fsetxattr", "copied", nil},
		{"fremovexattr", "a default of the folder that the file had not", nil},
		{"close", "a file that is done with", nil},
	} {
		calls = append(calls, onDescriptors(filesEnd, c)...)
	}
	for _, c := range []Call{
		{"fstat", "what was opened: a regular file with one name?", nil},
		{"flock", "one writer at a time", nil},
		{"fsync", "the bytes are on the disk before the name is", nil},
	} {
		calls = append(calls, onDescriptors(allEnd, c)...)
	}
	return Policy{Name: "write", Calls: calls}
}
