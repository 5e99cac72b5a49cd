package source

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/record"
)

// Where journald keeps its files, in a folder that is called as the machine-id(5) of
// whoever wrote them.
var journalFolders = [...]string{"/var/log/journal", "/run/log/journal"}

// ownFolders returns where this machine's journald keeps its files.
func ownFolders() ([]string, error) {
	const file = "/etc/machine-id"
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	id := strings.TrimSpace(string(text))
	if len(id) != 32 || strings.Trim(id, "0123456789abcdef") != "" {
		return nil, errors.New(file + ": not the id of a machine")
	}
	var folders []string
	for _, folder := range journalFolders {
		folders = append(folders, filepath.Join(folder, id))
	}
	return folders, nil
}

// Journals returns the journal files that a path stands for: itself; those in a
// folder and in the folders there; and with "" those of this machine.
func Journals(path string) (files []string, err error) {
	if path == "" {
		return ownJournals()
	}
	st, err := os.Stat(path)
	if err != nil {
		return nil, reason(err)
	}
	if !st.IsDir() {
		return []string{path}, nil
	}
	if files, err = journalsIn(path, 1); err == nil && len(files) == 0 {
		err = errors.New("no journal in this folder or in those there")
	}
	return files, reason(err)
}

// reason is an error without the path, which the message names already.
func reason(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

func ownJournals() (files []string, err error) {
	folders, err := ownFolders()
	if err != nil {
		return nil, err
	}
	for _, folder := range folders {
		in, err := journalsIn(folder, 0)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
		files = append(files, in...)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no journal of this machine in %s", strings.Join(folders, " or "))
	}
	return files, nil
}

// journalsIn returns the journals in a folder, sorted, and in those there, depth
// levels deep.
func journalsIn(folder string, depth int) (files []string, err error) {
	entries, err := os.ReadDir(folder)
	for _, e := range entries {
		path := filepath.Join(folder, e.Name())
		switch {
		case e.IsDir() && depth > 0:
			below, err := journalsIn(path, depth-1)
			if err != nil {
				return nil, err
			}
			files = append(files, below...)
		case strings.HasSuffix(path, ".journal"), strings.HasSuffix(path, ".journal~"): // ~: it was found damaged, or its writer died
			files = append(files, path)
		}
	}
	return files, err
}

// OpenJournal is Open for a file of systemd's journal. It is the machine's own where
// it stands in the folder that is called as this machine, and root alone can have
// put or changed it there. What the file itself says of its machine is no proof:
// systemd-journal-remote puts the id of the machine that it runs on.
func OpenJournal(path string) (fd int, src record.Source, err error) {
	fd, err = unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if err != nil {
		return -1, src, err
	}
	src, err = Describe(fd, path)
	if err == nil && src.Kind != "file" {
		err = errors.New("is no regular file")
	}
	if err != nil {
		unix.Close(fd)
		return -1, src, err
	}
	src.Journal = record.JournalOther
	if isOwnJournal(fd, &src, path) {
		src.Journal = record.JournalOwn
	}
	src.ID = id(&src)
	return fd, src, nil
}

func isOwnJournal(fd int, src *record.Source, path string) bool {
	real, err := filepath.Abs(path)
	if err == nil {
		real, err = filepath.EvalSymlinks(real)
	}
	folders, failed := ownFolders()
	folder := filepath.Dir(real)
	if err != nil || failed != nil || !slices.Contains(folders, folder) {
		return false
	}
	var here, there unix.Stat_t
	return RootsFolder(filepath.Dir(folder)) && RootsFolder(folder) && Vouchable(src, 0) &&
		unix.Fstat(fd, &here) == nil && unix.Lstat(real, &there) == nil && here.Dev == there.Dev && here.Ino == there.Ino
}
