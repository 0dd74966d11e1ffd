// Verify checks a bundle unpacked into a folder: go run verify.go [-held CHECKPOINT] FOLDER KEY...
package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"math"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type proof struct{ name, head, note string }

type entry struct {
	Id, Kind, Log string
	Body          struct{ Manifest, Note, Checkpoint string }
}

type span struct { // a key signs checkpoints of more than after and at most until entries
	key          note.Verifier
	after, until int64
}

var (
	trusted = map[string]*span{}
	named   = regexp.MustCompile(`"entry":"([^"]+)"`)
	proofOf = regexp.MustCompile(`^log-([1-9]\d{0,3})/(checkpoint|run\.jsonl?|consistency/\d+|entries/\d+\.tlog-proof)$`)
)

func fail(format string, about ...any) { log.Fatalf("this does NOT hold: "+format, about...) }

func must[T any](value T, err error) T {
	if err != nil {
		fail("%v", err)
	}
	return value
}

func trust(key string, after int64) {
	if trusted[key] == nil {
		trusted[key] = &span{must(note.NewVerifier(key)), after, math.MaxInt64}
	}
}

// tree returns the origin and the root of a checkpoint that a key signed which may at that size.
func tree(text string) (string, tlog.Tree) {
	var keys []note.Verifier
	for _, each := range trusted {
		keys = append(keys, each.key)
	}
	signed := must(note.Open([]byte(text), note.VerifierList(keys...)))
	origin, rest, _ := strings.Cut(signed.Text, "\n")
	root := must(tlog.ParseTree([]byte("go.sum database tree\n" + rest)))
	for _, each := range trusted {
		for _, by := range signed.Sigs {
			if by.Name == each.key.Name() && by.Hash == each.key.KeyHash() && each.after < root.N && root.N <= each.until && by.Name == origin {
				return origin, root
			}
		}
	}
	fail("no key that you trust may sign a checkpoint of %d entries of %s", root.N, origin)
	return "", root
}

// follow trusts the key to which one that is trusted handed over: both signed the statement.
func follow(statements []string) {
	for again := true; again; {
		again = false
		for _, text := range statements {
			lines := strings.SplitN(text, "\n", 6)
			if len(lines) < 6 || lines[0] != "upheld/rotation/1" || trusted[lines[3]] == nil || trusted[lines[4]] != nil {
				continue
			}
			next, size := must(note.NewVerifier(lines[4])), must(strconv.ParseInt(lines[2], 10, 64))
			old := trusted[lines[3]]
			if len(must(note.Open([]byte(text), note.VerifierList(old.key, next))).Sigs) != 2 || old.key.Name() != lines[1] || next.Name() != lines[1] {
				fail("a rotation of the key is not signed by both keys of %s", lines[1])
			}
			if old.until != math.MaxInt64 || size <= old.after {
				fail("the key of %s hands over twice", lines[1])
			}
			old.until, again = size, true
			trust(lines[4], size)
		}
	}
}

func lines(text string) (path []tlog.Hash) {
	for _, line := range strings.Split(text, "\n") {
		path = append(path, must(tlog.ParseHash(line)))
	}
	return path
}

// restsOn returns the ids of the entries that a member names, in itself or by its own name.
func restsOn(name string, data []byte) (found []string) {
	switch top, _, _ := strings.Cut(name, "/"); top {
	case "terms", "judgements":
		found = append(found, strings.TrimSuffix(path.Base(name), path.Ext(name)))
	case "verdicts", "evidence.json", "openings.jsonl":
		for _, each := range named.FindAllSubmatch(data, -1) {
			found = append(found, string(each[1]))
		}
	}
	return found
}

func main() {
	held := flag.String("held", "", "a checkpoint that you kept of before")
	flag.Parse()
	folder := os.DirFS(flag.Arg(0))
	for _, key := range flag.Args()[1:] {
		trust(strings.TrimSpace(key), -1)
	}
	there, due, bound, have := map[string]bool{}, map[string]bool{}, false, map[string]bool{}
	must(0, fs.WalkDir(folder, ".", func(name string, item fs.DirEntry, err error) error {
		there[name] = !must(item, err).IsDir()
		if there[name] && !item.Type().IsRegular() {
			fail("%s is a link or a device", name)
		}
		return nil
	}))
	manifest := must(fs.ReadFile(folder, "manifest.json"))
	digest := fmt.Sprintf("%x", sha256.Sum256(manifest))
	var statements []string
	var proofs []proof
	said := func(head string) (data []byte, found entry) {
		data = must(base64.StdEncoding.DecodeString(strings.TrimPrefix(strings.SplitN(head+"\n\n", "\n", 4)[1], "extra ")))
		must(0, json.Unmarshal(data, &found))
		return data, found
	}
	for _, name := range must(fs.Glob(folder, "log-*/entries/*.tlog-proof")) {
		head, checkpoint, _ := strings.Cut(string(must(fs.ReadFile(folder, name))), "\n\n")
		proofs = append(proofs, proof{name, head, checkpoint})
		if _, found := said(head); found.Kind == "key.rotated" {
			statements = append(statements, found.Body.Note)
		}
	}
	follow(statements)
	from := map[string]string{}   // by log, the checkpoint of the one before that its first entry names
	for _, each := range proofs { // every entry is in the log, under the bundle's checkpoint, which a trusted key signed
		if each.note != string(must(fs.ReadFile(folder, path.Join(path.Dir(path.Dir(each.name)), "checkpoint")))) {
			fail("%s is under another checkpoint than the bundle's", each.name)
		}
		origin, root := tree(each.note)
		data, found := said(each.head)
		parts := strings.SplitN(each.head, "\n", 4)
		index := must(strconv.ParseInt(strings.TrimPrefix(parts[2], "index "), 10, 64))
		var way tlog.RecordProof
		if len(parts) == 4 {
			way = lines(parts[3])
		}
		must(0, tlog.CheckRecord(way, root.N, root.Hash, index, tlog.RecordHash(data)))
		if found.Log != origin {
			fail("%s is of the log %s", each.name, found.Log)
		}
		if have[found.Id] = true; index == 0 && found.Kind == "shard.opened" {
			from[origin] = found.Body.Checkpoint
		}
		bound = bound || (found.Kind == "bundle.made" && found.Body.Manifest == digest)
	}
	logs, wentOn := 1, map[string]tlog.Tree{} // by log, the tree of it that the next one goes on from
	for ; there[fmt.Sprintf("log-%d/checkpoint", logs+1)]; logs++ {
		joins(folder, logs+1, from, wentOn)
	}
	var listed struct {
		Members []struct{ Path, Sha256 string }
	}
	must(0, json.Unmarshal(manifest, &listed))
	due["manifest.json"] = true
	for _, member := range listed.Members { // every file is the one that the manifest names
		data := must(fs.ReadFile(folder, member.Path))
		if due[member.Path] = true; fmt.Sprintf("%x", sha256.Sum256(data)) != member.Sha256 {
			fail("%s is another file than the manifest names", member.Path)
		}
		for _, id := range restsOn(member.Path, data) { // and what it rests on is shown
			if !have[id] {
				fail("%s rests on the entry %s, of which there is no proof", member.Path, id)
			}
		}
	}
	for name, file := range there {
		if part := proofOf.FindStringSubmatch(name); file && !due[name] && (part == nil || must(strconv.Atoi(part[1])) > logs) {
			fail("%s is no part of this bundle", name)
		}
	}
	if !bound { // and the manifest is the one whose digest the log has
		fail("no entry says that this bundle was made")
	}
	if *held != "" {
		goesOn(flag.Arg(0), string(must(os.ReadFile(*held))), wentOn)
	}
	fmt.Printf("%d entries and %d files hold\n", len(proofs), len(listed.Members))
}

// joins checks that a log goes on from the last checkpoint of the one before.
func joins(folder fs.FS, number int, named map[string]string, wentOn map[string]tlog.Tree) {
	old := string(must(fs.ReadFile(folder, fmt.Sprintf("log-%d/checkpoint", number-1))))
	origin, now := tree(string(must(fs.ReadFile(folder, fmt.Sprintf("log-%d/checkpoint", number)))))
	before, last := tree(old)
	name, rest, _ := strings.Cut(named[origin], "\n")
	from, err := tlog.ParseTree([]byte("go.sum database tree\n" + rest))
	switch {
	case err != nil || name != before:
		fail("%s does not show that it goes on from %s", origin, before)
	case from.N < last.N || (from.N == last.N && from.Hash != last.Hash):
		fail("%s, of %d entries, goes on from %d of %s, which are not the %d that were signed", origin, now.N, from.N, before, last.N)
	case from.N > last.N:
		fmt.Printf("NOT CHECKED: the last %d entries of %s that were signed; they are lost\n", from.N-last.N, before)
	}
	wentOn[before] = from
}

// goesOn checks that the bundle's log goes on from the checkpoint held.
func goesOn(folder, held string, wentOn map[string]tlog.Tree) {
	origin, old := tree(held)
	for _, name := range must(filepath.Glob(filepath.Join(folder, "log-*", "checkpoint"))) {
		now := string(must(os.ReadFile(name)))
		log, root := tree(now)
		switch {
		case log != origin:
			continue
		case old.N > root.N && wentOn[log].N > old.N:
			fmt.Printf("NOT CHECKED: whether the %d entries of %s that the next log goes on from begin with the %d held; they are lost\n", wentOn[log].N, log, old.N)
		case old.N > root.N && wentOn[log] == old:
		case old.N > root.N || (old.N == root.N && old.Hash != root.Hash):
			fail("the log does not go on from the checkpoint held: it is an older one, or was forked")
		case old.N < root.N:
			step := string(must(os.ReadFile(filepath.Join(filepath.Dir(name), "consistency", strconv.FormatInt(old.N, 10)))))
			head, _, _ := strings.Cut(step, "\n\n")
			_, way, _ := strings.Cut(head, "\n")
			must(0, tlog.CheckTree(lines(way), root.N, root.Hash, old.N, old.Hash))
		}
		return
	}
	fail("no log of this bundle is the one of the checkpoint held, %s", origin)
}
