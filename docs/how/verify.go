// Verify checks a bundle unpacked into a folder: go run verify.go FOLDER KEY...
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatalf("this does NOT hold: %v", err)
	}
	return value
}

func main() {
	var trusted []note.Verifier
	for _, key := range os.Args[2:] {
		trusted = append(trusted, must(note.NewVerifier(key)))
	}
	manifest := must(os.ReadFile(filepath.Join(os.Args[1], "manifest.json")))
	digest, bound := fmt.Sprintf("%x", sha256.Sum256(manifest)), false
	files := must(filepath.Glob(filepath.Join(os.Args[1], "log-*", "entries", "*.tlog-proof")))
	for _, file := range files { // every entry is in the log, under a checkpoint that a trusted key signed
		head, checkpoint, _ := strings.Cut(string(must(os.ReadFile(file))), "\n\n")
		origin, tree, _ := strings.Cut(must(note.Open([]byte(checkpoint), note.VerifierList(trusted...))).Text, "\n")
		root := must(tlog.ParseTree([]byte("go.sum database tree\n" + tree)))
		lines := strings.Split(head, "\n")
		entry := must(base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra ")))
		index := must(strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64))
		var path tlog.RecordProof
		for _, line := range lines[3:] {
			path = append(path, must(tlog.ParseHash(line)))
		}
		must(0, tlog.CheckRecord(path, root.N, root.Hash, index, tlog.RecordHash(entry)))
		var said struct {
			Kind, Log string
			Body      struct{ Manifest string }
		}
		must(0, json.Unmarshal(entry, &said))
		bound = bound || (said.Kind == "bundle.made" && said.Log == origin && said.Body.Manifest == digest)
	}
	var listed struct {
		Members []struct{ Path, Sha256 string }
	}
	must(0, json.NewDecoder(bytes.NewReader(manifest)).Decode(&listed))
	for _, member := range listed.Members { // every file is the one that the manifest names
		if fmt.Sprintf("%x", sha256.Sum256(must(os.ReadFile(filepath.Join(os.Args[1], member.Path))))) != member.Sha256 {
			log.Fatalf("this does NOT hold: %s is another file than the manifest names", member.Path)
		}
	}
	if !bound { // and the manifest is the one whose digest the log has
		log.Fatal("this does NOT hold: no entry says that this bundle was made")
	}
	fmt.Printf("%d entries and %d files hold\n", len(files), len(listed.Members))
}
