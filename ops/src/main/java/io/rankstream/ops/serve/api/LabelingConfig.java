package io.rankstream.ops.serve.api;

import io.rankstream.ops.serve.http.Problem;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * What a Label Studio project asks people: one of several choices of a text.
 *
 * @param fromName name of its {@code Choices}
 * @param toName name of the {@code Text} that they are of
 * @param textField field of a task's data that has the text
 * @param choices what annotators can choose
 */
record LabelingConfig(String fromName, String toName, String textField, List<String> choices) {

    /**
     * The first choices of a labeling configuration, and their text.
     *
     * @param xml the project's configuration
     * @throws Problem if there are none
     */
    static LabelingConfig of(String xml) throws Problem {
        Element view = parsed(xml);
        Map<String, String> texts = new HashMap<>();
        for (Element text : elements(view, "Text")) {
            String value = text.getAttribute("value");
            if (value.startsWith("$")) {
                texts.put(text.getAttribute("name"), value.substring(1));
            }
        }
        for (Element choices : elements(view, "Choices")) {
            String text = texts.get(choices.getAttribute("toName"));
            if (text != null) {
                List<String> values = new ArrayList<>();
                for (Element choice : elements(choices, "Choice")) {
                    values.add(
                            choice.hasAttribute("alias")
                                    ? choice.getAttribute("alias")
                                    : choice.getAttribute("value"));
                }
                return new LabelingConfig(
                        choices.getAttribute("name"),
                        choices.getAttribute("toName"),
                        text,
                        List.copyOf(values));
            }
        }
        throw Problem.of(
                400,
                "the labeling configuration has no Choices of a Text, expected <Text name=\"text\" value=\"$text\"/> and <Choices name=\"label\" toName=\"text\">");
    }

    private static List<Element> elements(Element parent, String name) {
        NodeList nodes = parent.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    /** Nothing outside of the document is read. */
    private static Element parsed(String xml) throws Problem {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setXIncludeAware(false);
            factory.setExpandEntityReferences(false);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new DefaultHandler());
            return builder.parse(new InputSource(new StringReader(xml))).getDocumentElement();
        } catch (SAXException e) {
            throw Problem.of(400, "the labeling configuration is not XML: " + e.getMessage());
        } catch (IOException | ParserConfigurationException e) {
            throw new IllegalStateException("a document in memory cannot be read", e);
        }
    }
}
