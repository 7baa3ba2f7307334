package io.rankstream.ops.labelstudio;

import io.rankstream.adapters.text.Excerpt;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * The labeling configuration of a project, in XML: the text, the text beside it, the metadata, and
 * one control, by which people say what is true. People may change everything but the names.
 */
final class LabelingConfig {

    /** Name of the control. */
    static final String CONTROL = "label";

    /** Name of the text, and where a task has it. */
    static final String TEXT = "text";

    /** Name of the second text, and where a task has it; empty where there is none. */
    static final String TEXT_PAIR = "textPair";

    /** Name of the metadata, and where a task has it. */
    static final String METADATA = "metadata";

    private static final String CHOICES = "Choices";
    private static final String CHOICE = "Choice";
    private static final String NUMBER = "Number";
    private static final String VALUE = "value";
    private static final String CHOICE_MODE = "choice";
    private static final String REQUIRED = "required";
    private static final String MULTIPLE = "multiple";

    /** More labels than that are searched in a list, not read. */
    private static final int MOST_SHOWN = 20;

    private LabelingConfig() {}

    /**
     * A configuration with these labels.
     *
     * @param labels to choose from; empty for a number
     * @param several whether any number of them may be chosen
     */
    static String of(List<String> labels, boolean several) {
        Document document = emptyDocument();
        Element view = child(document, document, "View");
        object(document, view, "Text", TEXT);
        object(document, view, "Text", TEXT_PAIR);
        object(document, view, "Table", METADATA);
        Element control = child(document, view, labels.isEmpty() ? NUMBER : CHOICES);
        control.setAttribute("name", CONTROL);
        control.setAttribute("toName", TEXT);
        control.setAttribute(REQUIRED, Boolean.toString(!several));
        if (!labels.isEmpty()) {
            control.setAttribute(CHOICE_MODE, several ? MULTIPLE : "single");
            if (labels.size() > MOST_SHOWN) {
                control.setAttribute("layout", "select");
            }
            labels.forEach(label -> addChoice(document, control, label));
        }
        return written(document);
    }

    /**
     * {@code config} with these labels to choose from; everything else in it stays as it is.
     *
     * @param labels to choose from; empty for a number
     * @param several whether any number of them may be chosen
     * @param held labels that annotations have, which stay in it if they are
     * @return empty where it needs no change
     * @throws BridgeException if it has no such control
     */
    static Optional<String> updated(
            String config, List<String> labels, boolean several, Set<String> held)
            throws BridgeException {
        Document document = parsed(config);
        if (document.getDocumentElement().getElementsByTagName("*").getLength() == 0) {
            return Optional.of(of(labels, several));
        }
        Element control = control(document);
        String expected = labels.isEmpty() ? NUMBER : CHOICES;
        if (!control.getTagName().equals(expected)) {
            throw BridgeException.lasting(
                    "its control '%s' is <%s>, expected <%s>: let --project name another project, or correct its labeling configuration"
                            .formatted(CONTROL, control.getTagName(), expected),
                    null);
        }
        if (labels.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Element> there = choices(control);
        Set<String> wanted = new LinkedHashSet<>(labels);
        there.keySet().stream().filter(held::contains).forEach(wanted::add);
        boolean opens = several && !control.getAttribute(CHOICE_MODE).equals(MULTIPLE);
        if (there.keySet().equals(wanted) && !opens) {
            return Optional.empty();
        }
        if (opens) {
            control.setAttribute(CHOICE_MODE, MULTIPLE);
            control.setAttribute(REQUIRED, "false");
        }
        there.forEach(
                (label, choice) -> {
                    if (!wanted.contains(label)) {
                        choice.getParentNode().removeChild(choice);
                    }
                });
        wanted.stream()
                .filter(label -> !there.containsKey(label))
                .forEach(label -> addChoice(document, control, label));
        return Optional.of(written(document));
    }

    private static Element control(Document document) throws BridgeException {
        NodeList all = document.getDocumentElement().getElementsByTagName("*");
        for (int i = 0; i < all.getLength(); i++) {
            Element element = (Element) all.item(i);
            if (element.getAttribute("name").equals(CONTROL)) {
                return element;
            }
        }
        throw BridgeException.lasting(
                "its labeling configuration has no control named '%s': name the one so that people shall use, or let --project name another project"
                        .formatted(CONTROL),
                null);
    }

    private static Map<String, Element> choices(Element control) {
        Map<String, Element> choices = new LinkedHashMap<>();
        NodeList all = control.getElementsByTagName(CHOICE);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < all.getLength(); i++) {
            elements.add((Element) all.item(i));
        }
        elements.forEach(each -> choices.putIfAbsent(each.getAttribute(VALUE), each));
        return choices;
    }

    private static void object(Document document, Element view, String tag, String name) {
        Element object = child(document, view, tag);
        object.setAttribute("name", name);
        object.setAttribute(VALUE, "$" + name);
    }

    private static void addChoice(Document document, Element control, String label) {
        child(document, control, CHOICE).setAttribute(VALUE, label);
    }

    private static Element child(Document document, org.w3c.dom.Node parent, String tag) {
        Element child = document.createElement(tag);
        parent.appendChild(child);
        return child;
    }

    private static Document parsed(String config) throws BridgeException {
        try {
            return builder().parse(new InputSource(new StringReader(config)));
        } catch (SAXException e) {
            throw BridgeException.lasting(
                    "its labeling configuration is no XML (%s)"
                            .formatted(Excerpt.printable(String.valueOf(e.getMessage()), 200)),
                    e);
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
    }

    private static Document emptyDocument() {
        return builder().newDocument();
    }

    /** One that follows nothing that a document refers to. */
    private static DocumentBuilder builder() {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setExpandEntityReferences(false);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            return builder;
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK's parser of XML lacks a feature", e);
        }
    }

    private static String written(Document document) {
        try {
            Transformer transformer = TransformerFactory.newInstance().newTransformer();
            transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
            StringWriter text = new StringWriter();
            transformer.transform(new DOMSource(document), new StreamResult(text));
            return text.toString();
        } catch (TransformerException e) {
            throw new IllegalStateException("a document cannot be written", e);
        }
    }
}
