// Package journal reads systemd's journal files: bytes in, entries out. It opens
// nothing; a file is an [io.ReaderAt], which pread(2) serves.
//
//	f, err := journal.Open(file)
//	r := journal.NewReader([]journal.Match{{"_TRANSPORT", "kernel"}}, f)
//	for e, err := range r.Entries() {
//		...
//	}
//
// The format is that of systemd.io/JOURNAL_FILE_FORMAT: regular and compact files,
// payloads plain or packed with xz, lz4 or zstd, either hash, sealed ones (the
// tags are passed over, not verified). Several files are read as one stream in
// the order of journalctl, and an entry that stands in two of them comes once.
//
// # The index
//
// A [Match] is looked up: the data hash table names the data object, and this
// names its entries. A journal of gigabytes with few of them costs few reads. An
// index is believed if it agrees with itself: each lookup also goes through the
// list of the field's values, counts must be those that are noted, every entry must
// name the data that led to it, and the values of _TRANSPORT must account for all
// entries, as journald gives each one. An index that does not is left, and the
// file is read from front to back, with a [*Problem].
//
// # Damage
//
// Every offset is checked, and lists only lead onward in the file (or only back),
// as journald builds them, so there is no cycle. Each payload is held against its
// hash, and each entry against that of its payloads. What does not fit is a Problem;
// an entry is whole or left out, since one that lacks a field may claim more than
// is its due (a kernel's has no _PID). A file that cannot be read on from some place
// is not searched for what looks like an object, since that may be somebody's text:
// the entries beyond that place are those that the file's own array names. Nothing
// protects the times and the boot of an entry, in files that are not sealed.
//
// # Bounds
//
// A value is at most [MaxValue] bytes and those of an entry at most [MaxEntry]; of
// a longer one the name alone is kept. All readers together take less than 64 MiB
// if there is one of them, whatever the file.
//
// # Files that grow
//
// A file is read as far as its header says at [Open]. [Reader.Refresh] reads it
// anew, and [Reader.Entries] then goes on. In a file that is written to, what does
// not fit is looked at a second time before it is a Problem.
//
// # Who wrote an entry
//
// Fields that begin with an underscore are journald's own word in the files that it
// alone writes. [Header.MachineID] does not tell: systemd-journal-remote puts the
// id of the machine it runs on, while the sender wrote the entries. The folder does.
package journal
